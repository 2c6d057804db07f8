"""What about a title a person must look at. Any doubt sends the appointment to review."""

UNKNOWN = "treatment-unknown"  # an appointment, but for what?
DOUBTFUL = "treatment-doubtful"  # words that may mean a treatment, misspellings among them
MENTIONED = "treatment-mentioned"  # "post Botox", "had filler": talked about, not booked
MEDICATION = "medication-mentioned"  # never a booking, never a course
NEGATED = "title-negated"  # "no Botox"
QUESTION = "title-question"  # "Botox?"
TENTATIVE = "title-tentative"  # "tbc", "Botox or filler"
CANCELLED = "title-cancelled"  # "CANCELLED - Botox", "DNA"
FOLLOW_UP = "title-follow-up"  # "Botox review"
CONTRADICTORY = "title-contradictory"  # a treatment beside lunch or holiday
TOO_LONG = "title-too-long"
SERVICE_DISAGREES = "service-disagrees"  # the title and the description's service line
DEFAULTS_DISAGREE = "defaults-disagree"  # the event's colour and its label
SEVERAL = "client-several"  # "Anna & Ben"

DOUBTS = (
    UNKNOWN,
    DOUBTFUL,
    MENTIONED,
    MEDICATION,
    NEGATED,
    QUESTION,
    TENTATIVE,
    CANCELLED,
    FOLLOW_UP,
    CONTRADICTORY,
    TOO_LONG,
    SERVICE_DISAGREES,
    DEFAULTS_DISAGREE,
    SEVERAL,
)
