"""New versions of questionnaires: edited in forms, compared in words, put in force.

Rooms above import its modules by name; nothing is exported here.
"""
