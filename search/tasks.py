"""Background work of the search that belongs to no engine."""

from procrastinate.contrib.django import app

from search import public_words


@app.periodic(cron="*/5 * * * *")
@app.task(name="search.public_words", queueing_lock="search.public_words", pass_context=False)
def count_public_words(timestamp: int) -> int:
    """Every five minutes, count the words of the processes whose public rows have changed."""
    return public_words.refresh_changed()
