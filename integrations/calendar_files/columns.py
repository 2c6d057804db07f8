"""Which column of a table says what: the headings booking systems and people give."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# What a column says, and its headings without capitals, accents, spaces and punctuation.
_HEADINGS = {
    "start": "start starts startsat startat startdatetime datetime dateandtime begin begins appointmentstart "
    "appointmentdatetime scheduledat scheduledfor termin beginn debut inicio",
    "date": "date startdate appointmentdate apptdate visitdate treatmentdate servicedate dateofvisit "
    "dateofservice dateofappointment dateoftreatment day datum beginntam startdatum fecha data",
    "time": "time starttime appointmenttime appttime timefrom beginntum uhrzeit startzeit hora heure ora",
    "end": "end ends endsat endat enddatetime finish finishes appointmentend ende fin",
    "end_date": "enddate endetam enddatum finishdate",
    "end_time": "endtime finishtime timeto endetum endzeit",
    "duration": "duration durationmin durationmins durationminutes lengthmin lengthminutes minutes dauer",
    "all_day": "allday alldayevent ganztagig ganztagigesereignis",
    "treatment": "treatment treatments treatmentname service services servicename appointmenttype procedure "
    "procedures bookedservice behandlung leistung tratamiento servicio prestation soin trattamento servizio",
    "title": "title subject summary event eventname eventtitle betreff titel asunto objet oggetto",
    "client": "client clientname customer customername patient patientname fullname clientfullname guest "
    "guestname attendee invitee inviteename bookedby kunde kundin kundenname patientin "
    "cliente paciente paziente",
    "first_name": "firstname forename givenname clientfirstname customerfirstname patientfirstname vorname "
    "nombre prenom nome",
    "last_name": "lastname surname familyname clientlastname customerlastname patientlastname clientsurname "
    "nachname apellido apellidos nom cognome",
    "email": "email emailaddress mail clientemail customeremail patientemail inviteeemail correo "
    "emailadresse",
    "phone": "phone phonenumber mobile mobilenumber mobilephone telephone telephonenumber tel cell cellphone "
    "contactnumber clientphone clientmobile customerphone patientphone telefon telefonnummer handy "
    "mobil telefono",
    "client_code": "clientid clientcode clientnumber clientref customerid customernumber patientid "
    "patientnumber kundennummer patientennummer",
    "status": "status state appointmentstatus bookingstatus estado stato statut",
    "booked": "booked bookedat bookedon datebooked created createdat createdon createddate datecreated "
    "creationdate bookingcreated bookedtime gebuchtam erstelltam",
    "id": "id uid ref reference appointmentid apptid bookingid eventid bookingreference bookingref "
    "bookingnumber bookingno appointmentref appointmentnumber confirmationcode nr terminnr buchungsnummer",
    "description": "description notes note comment comments memo appointmentnotes bookingnotes beschreibung "
    "notizen bemerkung",
    "location": "location room branch clinic site ort standort raum",
    "label": "category categories label labels tag tags colour color calendar calendarname "
    "kategorie kategorien",
    "zone": "zone timezone tz zeitzone",
}
# Headings that mean this only where no other column says it.
_WEAK = {"name": "client", "type": "treatment", "bookingdate": "date", "bookingtime": "time"}
# ... and what such a heading says where another column does.
_WEAK_ELSE = {"bookingdate": "booked"}
_MEANINGS = {heading: role for role, headings in _HEADINGS.items() for heading in headings.split()}

NO_HEADER = (
    "no row names the columns: the table needs a header with a date and a treatment, title or client "
    "(such as date, start time, treatment, client)"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each thing stands in a row: role -> positions, in the order they are to be asked."""

    places: dict[str, tuple[int, ...]]
    width: int

    def value(self, row: Sequence[str], role: str) -> str:
        """The first of the role's columns that is filled in, trimmed; "" where none is."""
        return next(iter(self.values(row, role)), "")

    def values(self, row: Sequence[str], role: str) -> list[str]:
        """All of the role's columns that are filled in."""
        cells = (row[place].strip() for place in self.places.get(role, ()) if place < len(row))
        return [cell for cell in cells if cell]


def columns_of(row: Sequence[str]) -> Columns | None:
    """The columns a header row names; None where it says no date, or nothing of whom or what."""
    places: dict[str, tuple[int, ...]] = {}
    weak: list[tuple[int, str]] = []
    for place, cell in enumerate(row):
        heading = _plain(cell)
        role = _MEANINGS.get(heading)
        if role is not None:
            places[role] = (*places.get(role, ()), place)
        elif heading in _WEAK:
            weak.append((place, heading))
    for place, heading in weak:
        known = _known(_WEAK[heading], places)
        weaker = _WEAK_ELSE.get(heading) if known else _WEAK[heading]
        if weaker is not None:
            places[weaker] = (*places.get(weaker, ()), place)
    dated = "start" in places or "date" in places
    told = any(role in places for role in ("treatment", "title", "client", "first_name", "last_name"))
    return Columns(places, len(row)) if dated and told else None


def _known(role: str, places: dict[str, tuple[int, ...]]) -> bool:
    alike = {"date": ("start", "date"), "time": ("start", "time"), "client": ("client", "last_name")}
    alike["treatment"] = ("treatment", "title")
    return any(other in places for other in alike[role])


def _plain(heading: str) -> str:
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
