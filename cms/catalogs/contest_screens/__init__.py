"""The screens on which staff say what a process elects, where, and who postulates."""
