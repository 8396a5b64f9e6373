"""What happens when two processes act at the same time, or one is killed during its work."""
