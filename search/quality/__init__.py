"""How good the search is: queries with judgements, and the measures of what it finds for them."""
