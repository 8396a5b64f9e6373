"""What happens when two processes do the same thing at the same time."""
