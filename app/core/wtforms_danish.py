"""The messages of WTForms in Danish; it ships none."""

from typing import Final

_MESSAGES: Final = {
    "Invalid field name '%s'.": "Feltet '%s' findes ikke.",
    "Field must be equal to %(other_name)s.": "De to felter skal være ens.",
    "Field must be between %(min)d and %(max)d characters long.": "Skriv mellem %(min)d og %(max)d tegn.",
    "Number must be at least %(min)s.": "Tallet skal være mindst %(min)s.",
    "Number must be at most %(max)s.": "Tallet må højst være %(max)s.",
    "Number must be between %(min)s and %(max)s.": "Tallet skal være mellem %(min)s og %(max)s.",
    "Date must be at least %(min)s.": "Datoen må tidligst være %(min)s.",
    "Date must be at most %(max)s.": "Datoen må senest være %(max)s.",
    "Date must be between %(min)s and %(max)s.": "Datoen skal være mellem %(min)s og %(max)s.",
    "This field is required.": "Feltet skal udfyldes.",
    "Invalid input.": "Det, der står i feltet, kan ikke bruges.",
    "Invalid email address.": "Skriv en mailadresse som navn@kommune.dk.",
    "Invalid IP address.": "Skriv en IP-adresse.",
    "Invalid Mac address.": "Skriv en MAC-adresse.",
    "Invalid URL.": "Skriv en webadresse, der begynder med https://.",
    "Invalid UUID.": "Skriv et UUID.",
    "Invalid value, must be one of: %(values)s.": "Skriv en af disse: %(values)s.",
    "Invalid value, can't be any of: %(values)s.": "Skriv ikke nogen af disse: %(values)s.",
    "This field cannot be edited.": "Feltet kan ikke ændres.",
    "This field is disabled and cannot have a value.": "Feltet er lukket og kan ikke udfyldes.",
    "Invalid CSRF Token.": "Siden har stået åben for længe. Send den igen.",
    "CSRF token missing.": "Siden har stået åben for længe. Send den igen.",
    "CSRF failed.": "Siden har stået åben for længe. Send den igen.",
    "CSRF token expired.": "Siden har stået åben for længe. Send den igen.",
    "Invalid Choice: could not coerce.": "Vælg en af mulighederne.",
    "Choices cannot be None.": "Feltet har ingen muligheder.",
    "Not a valid choice.": "Vælg en af mulighederne.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Vælg kun blandt mulighederne.",
    "Not a valid datetime value.": "Skriv dato og klokkeslæt som 20-11-2026 14.30.",
    "Not a valid date value.": "Skriv datoen som 20-11-2026.",
    "Not a valid time value.": "Skriv klokkeslættet som 14.30.",
    "Not a valid week value.": "Skriv ugen som 2026-W47.",
    "Not a valid integer value.": "Skriv et helt tal.",
    "Not a valid decimal value.": "Skriv et tal.",
    "Not a valid float value.": "Skriv et tal.",
}

_PLURAL_MESSAGES: Final = {
    "Field must be at least %(min)d character long.": "Skriv mindst %(min)d tegn.",
    "Field cannot be longer than %(max)d character.": "Skriv højst %(max)d tegn.",
    "Field must be exactly %(max)d character long.": "Skriv præcis %(max)d tegn.",
    "'%(value)s' is not a valid choice for this field.": "Vælg kun blandt mulighederne.",
}


class DanishMessages:
    """What WTForms calls translations. Text that is not its own, such as a field's label, comes back unchanged."""

    def gettext(self, string: str) -> str:
        """Return the Danish message."""
        return _MESSAGES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the Danish message; in Danish "tegn" is the same for one and for many."""
        return _PLURAL_MESSAGES.get(singular, singular if n == 1 else plural)
