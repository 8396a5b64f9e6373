"""A second kind of questionnaire, as another application would add it. Only tests install it.

Its tables exist in every test; only the tests that use the fixture `testimony` register the kind.
"""
