"""A second kind of questionnaire, as another application would bring it. Only tests install it.

Its tables exist in every test; the kind is registered only by the tests that ask for it.
"""
