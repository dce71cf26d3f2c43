"""Names to combine. Together with made-up numbers they point at nobody."""

GIRLS = (
    "Fatima", "Sofie", "Aya", "Freja", "Mathilde", "Zeynep", "Karla", "Amina", "Signe", "Ida", "Leyla", "Emma",
    "Maja", "Sara", "Nadia", "Åse", "Laura", "Hodan", "Clara", "Yasmin", "Josefine", "Alma", "Mille", "Rania",
)  # fmt: skip
BOYS = (
    "Bo", "Mikkel", "Yusuf", "Oliver", "Ahmed", "Noah", "Emil", "Ali", "Frederik", "Hamza", "Sebastian", "Ibrahim",
    "Magnus", "Omar", "Søren", "Tobias", "Jonas", "Mustafa", "Rasmus", "Bilal", "Casper", "Malik", "Ærlend", "Viktor",
    "Deniz", "Lucas", "Abdi", "Oskar", "Samir", "Marius", "Jens-Ole", "Kasim",
)  # fmt: skip
FAMILY = (
    "Holm", "Aydin", "Kjær", "Nørgaard", "Hassan", "Lund", "Bæk", "Yildiz", "Skov", "Madsen", "Ødum", "Rahimi",
    "Dahl", "Farah", "Møller", "Østergaard", "Demir", "Frandsen", "Khalil", "Lindqvist", "Toft", "Warsame", "Åkjær",
    "Bruun", "Sahin", "Vestergaard", "Nawaz", "Krogh", "Bertelsen", "Osman", "Steen", "Celik", "Aagaard", "Brandt",
)  # fmt: skip
CONCERNS = (
    "Skolen ser stigende fravær og nye, ældre venner. Er set ved stationen sent om aftenen.",
    "Deltog i slagsmål efter skole. Forældrene er bekymrede og ønsker hjælp.",
    "Klubben ser en ung, der trækker sig og har fået dyrt tøj uden nogen forklaring.",
    "Hærværk og utryghedsskabende adfærd ved indkøbscentret sammen med en gruppe på fire.",
    "Er mistænkt for tyveri fra butik for anden gang på en måned. Ønsker fritidsjob.",
    "Ryger hash i frikvartererne og er holdt op med at gå til fodbold.",
    "Familien oplyser om gæld og trusler. Tør ikke gå alene hjem.",
    "Er løsladt for nylig og mangler bolig og en aftale med jobcentret.",
)
SUITABLE = (
    "Den unge vil gerne i klub, og forældrene bakker op.",
    "Der er ingen dom endnu, og en tidlig indsats kan vende udviklingen.",
    "Skole og familie er enige om, hvad der skal til.",
    "Ønsker at komme væk fra miljøet og har bedt om hjælp.",
)
CLOSED_BECAUSE = (
    "Målene i handleplanen er nået, og skolen følger op.",
    "Der har ikke været nye forhold i et halvt år, og mentorforløbet er slut.",
    "Familien er flyttet, og den nye kommune har fået besked.",
)
WHY_SERIOUS = (
    "Vold med slag mod hovedet, flere gerningsmænd mod én, og forurettede blev kørt på skadestuen.",
    "Røveri mod jævnaldrende under trussel om kniv. Optrappende forløb over tre måneder.",
    "Indbrud i beboelse om natten sammen med to ældre, og tidligere mistanke om det samme.",
    "Besiddelse af kniv på skolens område og trusler mod en medelev.",
)
