"""Names of countries in Polish and English, for explanations; one that is not here has its code.

They are the countries of the Polish annex, Poland, and Kosovo, to which its last row applies.
"""

from functools import lru_cache
from typing import Final

from participants.domain.phrases import Words

_NAMES: Final = """
AD Andora = Andorra
AE Zjednoczone Emiraty Arabskie = United Arab Emirates
AF Afganistan = Afghanistan
AL Albania = Albania
AM Armenia = Armenia
AO Angola = Angola
AR Argentyna = Argentina
AT Austria = Austria
AU Australia = Australia
AZ Azerbejdżan = Azerbaijan
BA Bośnia i Hercegowina = Bosnia and Herzegovina
BD Bangladesz = Bangladesh
BE Belgia = Belgium
BG Bułgaria = Bulgaria
BR Brazylia = Brazil
BY Białoruś = Belarus
CA Kanada = Canada
CD Demokratyczna Republika Konga = Democratic Republic of the Congo
CG Kongo = Congo
CH Szwajcaria = Switzerland
CI Wybrzeże Kości Słoniowej = Côte d'Ivoire
CL Chile = Chile
CN Chiny = China
CO Kolumbia = Colombia
CR Kostaryka = Costa Rica
CU Kuba = Cuba
CY Cypr = Cyprus
CZ Czechy = Czechia
DE Niemcy = Germany
DK Dania = Denmark
DZ Algieria = Algeria
EC Ekwador = Ecuador
EE Estonia = Estonia
EG Egipt = Egypt
ES Hiszpania = Spain
ET Etiopia = Ethiopia
FI Finlandia = Finland
FR Francja = France
GB Wielka Brytania = United Kingdom
GE Gruzja = Georgia
GR Grecja = Greece
HR Chorwacja = Croatia
HU Węgry = Hungary
ID Indonezja = Indonesia
IE Irlandia = Ireland
IL Izrael = Israel
IN Indie = India
IQ Irak = Iraq
IR Iran = Iran
IS Islandia = Iceland
IT Włochy = Italy
JO Jordania = Jordan
JP Japonia = Japan
KE Kenia = Kenya
KG Kirgistan = Kyrgyzstan
KH Kambodża = Cambodia
KP Korea Północna = North Korea
KR Korea Południowa = South Korea
KW Kuwejt = Kuwait
KZ Kazachstan = Kazakhstan
LA Laos = Laos
LB Liban = Lebanon
LI Liechtenstein = Liechtenstein
LT Litwa = Lithuania
LU Luksemburg = Luxembourg
LV Łotwa = Latvia
LY Libia = Libya
MA Maroko = Morocco
MC Monako = Monaco
MD Mołdawia = Moldova
ME Czarnogóra = Montenegro
MK Macedonia Północna = North Macedonia
MN Mongolia = Mongolia
MT Malta = Malta
MX Meksyk = Mexico
MY Malezja = Malaysia
NG Nigeria = Nigeria
NL Niderlandy = Netherlands
NO Norwegia = Norway
NZ Nowa Zelandia = New Zealand
OM Oman = Oman
PA Panama = Panama
PE Peru = Peru
PK Pakistan = Pakistan
PL Polska = Poland
PS Palestyna = Palestine
PT Portugalia = Portugal
QA Katar = Qatar
RO Rumunia = Romania
RS Serbia = Serbia
RU Rosja = Russia
SA Arabia Saudyjska = Saudi Arabia
SE Szwecja = Sweden
SG Singapur = Singapore
SI Słowenia = Slovenia
SK Słowacja = Slovakia
SM San Marino = San Marino
SN Senegal = Senegal
SY Syria = Syria
TH Tajlandia = Thailand
TJ Tadżykistan = Tajikistan
TM Turkmenistan = Turkmenistan
TN Tunezja = Tunisia
TR Turcja = Türkiye
TZ Tanzania = Tanzania
UA Ukraina = Ukraine
US Stany Zjednoczone Ameryki = United States of America
UY Urugwaj = Uruguay
UZ Uzbekistan = Uzbekistan
VA Watykan = Vatican
VE Wenezuela = Venezuela
VN Wietnam = Vietnam
XK Kosowo = Kosovo
YE Jemen = Yemen
ZA Republika Południowej Afryki = South Africa
ZW Zimbabwe = Zimbabwe
"""


def _read() -> dict[str, Words]:
    rows = (line.split(" ", 1) for line in _NAMES.split("\n") if line)
    parted = ((code, names.split(" = ")) for code, names in rows)
    return {code: Words(polish, english) for code, (polish, english) in parted}


COUNTRIES: Final = _read() | {"*": Words("inne państwa", "other countries")}


@lru_cache(maxsize=512)
def where(country: str, place: str | None = None) -> Words:
    """Return a country by its name, after the place in it if one is known."""
    name = COUNTRIES.get(country, Words(country, country))
    return name if place is None else Words(f"{place}, {name.pl}", f"{place}, {name.en}")
