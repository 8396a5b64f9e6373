"""Setting a process up in the admin: what is done, what is missing, and what citizens will see."""
