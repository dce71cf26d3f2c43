"""The closed sets of what a case is about, why the unit may know of it, and what is decided about it."""

from app.core.labelled import Labelled


class Theme(Labelled):
    """What the concern is about; several may hold."""

    CRIME = "kriminalitet", "Kriminalitet"
    VIOLENCE = "vold", "Vold eller trusler"
    WEAPONS = "vaaben", "Våben"
    DRUGS = "rusmidler", "Rusmidler, brug eller salg"
    GANG = "bande", "Bande eller rockere"
    EXTREMISM = "ekstremisme", "Ekstremisme"
    SOCIAL_CONTROL = "social_kontrol", "Negativ social kontrol"
    ABSENCE = "fravaer", "Fravær fra skole eller job"
    UNREST = "utryghed", "Utryghedsskabende adfærd"
    DIGITAL = "digital", "Digitale krænkelser"
    OTHER = "andet", "Andet"

    @property
    def restricts(self) -> bool:
        """Whether a case with this concern is seen by named people and the leader alone."""
        return self is Theme.EXTREMISM


class LegalBasis(Labelled):
    """Why the unit may have the information (retsplejeloven § 115; databeskyttelsesloven § 8)."""

    SSP = "rpl_115_ssp", "Retsplejeloven § 115, stk. 1, nr. 1 (SSP)"
    PSP = "rpl_115_psp", "Retsplejeloven § 115, stk. 1, nr. 2 (PSP)"
    KSP = "rpl_115_ksp", "Retsplejeloven § 115, stk. 1, nr. 3 (KSP)"
    CONSENT = "samtykke", "Samtykke"
    NOTIFICATION = "bl_133", "Barnets lov § 133 (underretning)"
    COOPERATION = "bl_tvaerfagligt", "Barnets lov, tværfagligt samarbejde (paragraf ikke bekræftet)"
    DISCLOSURE = "fvl_28", "Forvaltningsloven § 28 (videregivelse mellem myndigheder)"
    OWN_TASK = "dbl_8", "Databeskyttelsesloven § 8 (kommunens egen opgave)"


class Consent(Labelled):
    """Whether the citizen, or the custody holder, has agreed that the unit has the information."""

    GIVEN = "givet", "Ja, samtykke er givet"
    NOT_ASKED = "ikke_spurgt", "Ikke spurgt endnu"
    REFUSED = "afslaaet", "Nej, samtykke er afslået"
    NOT_NEEDED = "ikke_noedvendigt", "Ikke nødvendigt efter det retlige grundlag"

    @property
    def has_day(self) -> bool:
        """Whether somebody answered, on a day."""
        return self in {Consent.GIVEN, Consent.REFUSED}


class DecisionKind(Labelled):
    """What was decided about the case as a whole."""

    TO_VISITATION = "to_visitation", "Taget til visitation"
    ACCEPTED = "accepted", "Fundet forebyggelsesegnet"
    REJECTED = "rejected", "Afvist"
    CLOSED = "closed", "Afsluttet"
    REOPENED = "reopened", "Genåbnet"
    TRANSFERRED = "transferred", "Overført til en anden enhed"
    RESTRICTED = "restricted", "Begrænset til navngivne"
    UNRESTRICTED = "unrestricted", "Begrænsning ophævet"


class Result(Labelled):
    """How a case ended."""

    GOALS_MET = "maal_naaet", "Målene er nået"
    PARTLY_MET = "delvist_naaet", "Målene er delvist nået"
    NOT_MET = "ikke_naaet", "Målene er ikke nået"
    DECLINED = "oensker_ikke", "Borgeren ønsker ikke mere hjælp"
    HANDED_OVER = "andre_overtager", "Andre har overtaget indsatsen"
    MOVED = "fraflyttet", "Flyttet til en anden kommune"
    DIED = "doed", "Død"
    OTHER = "andet", "Andet"
