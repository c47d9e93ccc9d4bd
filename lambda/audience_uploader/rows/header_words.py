"""The words that names of identifier columns are made of, in the languages they come in."""

import re
import unicodedata

EMAIL, PHONE, IDFA, GAID, DEVICE, FIRST = "email", "phone", "idfa", "gaid", "device", "first"
IDENTIFIER, HEM, MOBILE, HASHED = "id", "hem", "mobile", "hashed"
ROLE, PLAIN = "role", "plain"

# Words by kind: English, the vendors', then es, pt, fr, de, it, nl, pl, tr, id, vi, ru, zh, ja, ko
# and th, as people head their columns.
_KINDS = {
    EMAIL: """email mail em eml emailid emailaddr mailaddr electronicmail correo
        correoelectronico correioeletronico emailadresse mailadresse courriel
        courrierelectronique adresseelectronique adressemail adresseemail emailadres adresemail
        postaelettronica indirizzoemail eposta epostaadresi surel alamatemail alamatsurel
        thudientu почта электроннаяпочта элпочта имейл емейл емайл 邮箱 邮箱地址 邮件 电子邮件
        电子邮箱 電子郵件 電郵 信箱 メール メールアドレス 電子メール 이메일 이메일주소 메일 อีเมล
        อีเมล์""",
    HEM: "hem",
    PHONE: """phone ph phoneno phno tel telno telephone telefon telefono telefone telefoon cell
        cellno cellphone cellular mobileno mobno msisdn contactnumber contactno celular cel movil
        fone telemovel numerodotelefone numerodocelular portable telportable handy rufnummer
        mobilnummer cellulare telefonino mobiel komorka ceptelefonu hp nohp nomorhp handphone
        telepon telp notelp notelepon ponsel whatsapp sodienthoai dienthoai sdt телефон мобильный
        手机 手机号 手机号码 手機 手機號碼 电话 电话号码 電話 電話番号 携帯 携帯番号 携帯電話
        전화 전화번호 휴대폰 휴대전화 핸드폰 โทรศัพท์ เบอร์โทร เบอร์โทรศัพท์ มือถือ""",
    MOBILE: "mobile mobil mob",
    IDFA: "idfa ifa iosid iosidfa iosifa appleid appleadid iosadid idforadvertisers",
    GAID: """gaid aaid gpsadid googleadid googleadvertisingid googleplayadid androidid
        androidadid androidadvertisingid""",
    DEVICE: """maid madid mobileadid mobileadvertisingid mobileadvertiserid adid advertisingid
        advertiserid deviceid device rdid mobiledeviceid mobileid deviceadid deviceadvertisingid""",
    FIRST: "first",
    IDENTIFIER: "id identifier",
    HASHED: """sha256 sha2 sha2256 hash hashed hashes hashing hex tohex hexdigest digest
        encrypted encoded hasheado hasheada hashado hashada hache hachee gehasht gehashed hashato
        cifrado encriptado criptografado""",
    ROLE: """user customer contact client member subscriber consumer shopper buyer account
        profile person people lead guest primary secondary main alternate alternative preferred
        lowercase lower lc uppercase normalized normalised normalize norm standardized
        standardised clean cleaned e164 value address addresses number usuario cliente contacto
        contato kunde kunden pelanggan kontak""",
    # Words that are no names by themselves, since a first row may hold them as values.
    PLAIN: """my the of de da del di du la el le trim trimmed string str text raw work home
        personal business billing private nr nbr num numero numara numarasi nummer nomor номер
        адрес direccion endereco adresse adres adresi indirizzo alamat addr adr intl
        international format formatted column col field v1 v2""",
}
_NUMBERS = (*map(str, range(100)), *(f"{number:02}" for number in range(10)), "256")
_NOUNS = frozenset({EMAIL, HEM, PHONE, MOBILE, IDFA, GAID, DEVICE, HASHED})
_WITH_PLURALS = _NOUNS | {IDENTIFIER, ROLE}

# Whose it is, or what is said about it: with one of these, no name is read without its prefix.
_OTHERS = """md5 md4 sha1 sha384 sha512 sha224 sha3 hmac salt salted crc32 has is
    no not non opt optin optout opted unsub unsubscribe unsubscribed invalid bounced bounce
    bad old previous prev former spouse partner referrer referer referral referred friend
    parent child sender from agent rep manager employee staff support first last count date
    domain type status"""
NOT_THE_PERSON = frozenset(_OTHERS.split())

_LONGEST_NAME = 80  # letters; longer ones are not read
_SEPARATORS = re.compile(r"[./\\:>|\[\](){}]+")
_E164 = re.compile(r"(?i)e\.164")
_PARTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_UNFOLDED = str.maketrans({"đ": "d", "ł": "l", "\u0131": "i", "ø": "o", "ß": "ss"})


def folded(name: str) -> str:
    """Return a name in lower case, letters and digits only, without accents."""
    if name.isascii():
        return "".join(filter(str.isalnum, name.lower()))
    apart = unicodedata.normalize("NFKD", name.lower()).translate(_UNFOLDED)
    return "".join(letter for letter in apart if letter.isalnum())


def steps_of(name: str) -> list[str]:
    """Return the steps of a path, as in `user.contact.email`."""
    return [step for step in _SEPARATORS.split(_E164.sub("e164", name)) if step]


def parts_of(name: str) -> list[str]:
    """Return the words of a name as its marks, blanks and humps part them, folded."""
    return [folded(part) for part in _PARTS.split(name) if part]


def unprefixed(parts: list[str]) -> str:
    """Return a name from its first known word on: `crm_email_sha256` without `crm`."""
    known = (place for place, part in enumerate(parts) if _WORDS.get(part) in _NOUNS)
    return "".join(parts[next(known, len(parts)) :])


def kinds_in(text: str) -> frozenset[str]:
    """Return the kinds of the known words that make up a text, none where it isn't made of them."""
    if len(text) > _LONGEST_NAME:
        return frozenset()
    kinds = _rest(text, 0, set()) or frozenset()
    return kinds - {HEM} | {EMAIL, HASHED} if HEM in kinds else kinds


def _rest(text: str, start: int, dead_ends: set[int]) -> frozenset[str] | None:
    if start == len(text):
        return frozenset()
    for end in range(min(len(text), start + _LONGEST_WORD), start, -1):
        kind = _WORDS.get(text[start:end])
        if kind is None or end in dead_ends or _cuts_number(text, end):
            continue
        further = _rest(text, end, dead_ends)
        if further is not None:
            return further | {kind}
    dead_ends.add(start)
    return None


def _cuts_number(text: str, end: int) -> bool:
    """Tell whether a word that ends here cuts a number in two, as `sha2` does in `sha224`."""
    return text[end - 1 : end + 1].isdigit() and end < len(text) and text[end - 3 : end] != "256"


def _table() -> dict[str, str]:
    words = {folded(word): kind for kind, text in _KINDS.items() for word in text.split()}
    plurals = {f"{word}s": kind for word, kind in words.items() if kind in _WITH_PLURALS}
    return {**dict.fromkeys(_NUMBERS, PLAIN), **plurals, **words}


_WORDS = _table()
_LONGEST_WORD = max(map(len, _WORDS))
