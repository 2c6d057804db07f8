"""How words of the configuration are written, and what people are told when they are not."""

CODE = r"^[a-z0-9]+([_-][a-z0-9]+)*$"
CODE_OR_ANY = r"^(\*|[a-z0-9]+([_-][a-z0-9]+)*)$"
ONE_LINE = r"^[^\r\n]*$"
SOURCE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
HOST = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"
PHONE = r"^\+?[0-9][0-9 ()./-]{3,}$"
EMAIL = r"^[^@\s]+@[^@\s]+$"
COUNTRY = r"^[A-Z]{2}$"
HOURS = r"^([01]\d|2[0-3]):[0-5]\d ?[-–] ?(([01]\d|2[0-3]):[0-5]\d|24:00)$"
HTTPS = r"^https://[^\s/?#]+(/[^\s#]*)?$"
API_ADDRESS = r"^(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1)(:\d+)?)(/[^\s?#]*)?$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$"

PATTERNS = {
    CODE: "may hold small letters, digits, - and _ only",
    CODE_OR_ANY: "must be the code of a treatment, or * for every visit",
    ONE_LINE: "must stand on one line",
    SOURCE: "may hold small letters, digits and - only",
    HOST: "must be a host name",
    PHONE: "must be a telephone number",
    EMAIL: "must be an e-mail address",
    COUNTRY: "must be two capital letters",
    HOURS: "must be two times of day",
    HTTPS: "must be an address that begins with https://",
    API_ADDRESS: "must be an address that begins with https://",
    LANGUAGE: "must be the code of a language",
}
