"""The form of a review."""

from app.core.forms import Form, Required, SubmitOnce, TextAreaField

NOTE_LENGTH = 2000


class ReviewForm(SubmitOnce, Form):
    """What was said about the case."""

    note = TextAreaField(
        "Hvad blev der sagt?",
        [Required("Skriv en linje om, hvad der blev sagt eller aftalt.")],
        max_length=NOTE_LENGTH,
        description="Én linje er nok: hvad der skal ske, og hvem der gør det.",
    )
