"""What a column's name says, in the words that vendors and people use, and what it does not say."""

import pytest
from audience_uploader.rows.header_names import (
    GUESSED,
    UNNAMED,
    is_hashed,
    is_header_word,
    is_of_other_type,
    rank_of,
)

FORMATS = ("EMAIL_SHA256", "PHONE_SHA256", "IDFA_SHA256", "GAID_SHA256", "FIRST_SHA256")

SAYS_SO_AND_HASHED = {
    "EMAIL_SHA256": [
        *(
            "email_sha256",
            "Email_SHA 256",
            "EMAILSHA256",
            "emailSha256",
            "email_sha2",
            "E-Mail-Hash",
        ),
        *("Emails SHA256", "emails_sha256", "emails_lc_hashed", "Email_LC_SHA256", "hashedEmails"),
        *("email_1_sha256", "email1_SHA-256", "EMAIL2SHA256", "sha256_email_3", "email_sha256_01"),
        *("hem", "HEM", "hems", "hem_sha256", "sha256_hem", "email_lc_sha256", "sha256_lc_email"),
        *("hashed_email", "sha256_email_address", "hashed_email_address", "em_sha256", "mail_hash"),
        *(
            "primaryEmailSha256",
            "secondary email hash",
            "customer_email_hashed",
            "email_hex_digest",
        ),
        *("SHA2(LOWER(TRIM(EMAIL)),256)", "to_hex(sha256(lower(email)))", "email_hash_v2"),
        *("E-mail_SHA256", "Correo electr\u00f3nico_SHA256", "correo_hasheado", "email cifrado"),
        *("Hash E-Mail-Adresse", "e-posta sha256", "surel_sha256"),
    ],
    "PHONE_SHA256": [
        *("phone_sha256", "Phone_SHA 256", "phones_sha256", "hashedPhoneNumbers", "phone1_sha256"),
        *(
            "Phone_SHA256_E.164",
            "phone_e164_sha256",
            "ph_sha256",
            "mobile_sha256",
            "mobile no hash",
        ),
        *("T\u00e9l\u00e9phone_SHA256", "Tel\u00e9fono_SHA256", "celular_sha256", "nomor_hp_hash"),
        *("telefone hasheado", "Handynummer SHA256", "msisdn_sha256", "sha256(phone_number)"),
    ],
    "IDFA_SHA256": ["idfa_sha256", "IDFAs SHA256", "ios_ifa_hash", "mobile_idfa_sha256"],
    "GAID_SHA256": ["gaid_sha256", "aaid_sha256", "google_ad_id_sha256", "gps_adid hash"],
    "FIRST_SHA256": [
        *("first_sha256", "MAID_SHA 256", "madid_sha256", "MOBILE_AD_ID_SHA256"),
        *("device_ids_sha256", "IDFA/GAID SHA256"),
    ],
}
SAYS_SO = {
    "EMAIL_SHA256": [
        *("email", "Emails", "EMAIL1", "email_2", "em", "e-mail", "Email Address", "email_addr"),
        *("correo electr\u00f3nico", "Endere\u00e7o de e-mail", "Adresse e-mail", "E-Mail-Adresse"),
        *("alamat email", "courriel"),
        *("e-posta", "\u30e1\u30fc\u30eb\u30a2\u30c9\u30ec\u30b9", "\u90ae\u7bb1"),
        *("user.contact.email", "customer_email", "Email ID", "\ufeffemail"),
    ],
    "PHONE_SHA256": [
        *("phone", "ph", "Phone Number", "Mobile No.", "mobile", "cell phone", "contact number"),
        *("n\u00famero de tel\u00e9fono", "No. HP"),
        *("n\u00famero do celular", "Telefonnummer", "\u624b\u673a\u53f7"),
        *("s\u1ed1 \u0111i\u1ec7n tho\u1ea1i", "\u0442\u0435\u043b\u0435\u0444\u043e\u043d"),
        *("telefon numaras\u0131", "phone.number"),
    ],
    "IDFA_SHA256": ["idfa", "IDFA"],
    "GAID_SHA256": ["gaid", "aaid"],
    "FIRST_SHA256": ["maid", "madid", "device id", "rdid", "idfa_gaid"],
}  # fmt: skip
BEHIND_A_PATH_OR_PREFIX = {
    "EMAIL_SHA256": [
        *("traits.email", "shop_customers.email_sha256", "properties->email_hash", "c/e-mail"),
        *("data['email_sha256']", "identifiers.email.sha256", "crm_email_sha256", "CrmEmailSha256"),
    ],
    "PHONE_SHA256": ["traits.phone", "shop_phone_sha256", "context.traits.phone_number"],
    "IDFA_SHA256": ["context.device.idfa"],
    "GAID_SHA256": ["events.gaid_sha256"],
    "FIRST_SHA256": ["context.device.advertisingId", "app_maid_sha256"],
}
SAYS_SOMETHING_ELSE = [
    *("", "email_opt_in", "email_md5", "email_domain", "emailed_at", "email_sha1", "email_sha512"),
    *("email_sha224", "email1_SHA-1", "sha1_email"),
    *("email_hash_type", "email_verified", "is_email"),
    *("mailing_list", "email_count"),
    *("referrer_email_sha256", "referrer.email_sha256", "hmac_email_sha256"),
    *("opt_in_email_sha256", "is_email_hash", "md5_email_sha256", "unsubscribed_email_sha256"),
    *("phone_type", "phone_country", "phone_model", "phone_verified", "device_type", "mobile_os"),
    *("user_id", "mobile_user_id", "sha256", "hash", "id"),
    *("rampid", "uid2", "idl", "md5", "country"),
    *("first_name", "zip", "email_phone_sha256", "x" * 500, "1" * 79 + "x", "em" * 39 + "x"),
]  # fmt: skip


def pairs(names: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, name) for kind, spellings in names.items() for name in spellings]


@pytest.mark.parametrize(("kind", "name"), pairs(SAYS_SO_AND_HASHED), ids=ascii)
@pytest.mark.parametrize("case", [str, str.upper, str.lower], ids=["as it is", "upper", "lower"])
def test_name_that_says_format_and_hash_is_the_surest(kind: str, name: str, case: type) -> None:
    spelling = str(case(name))

    assert rank_of(spelling, kind) == 1
    assert is_hashed(spelling)
    assert is_header_word(spelling)


@pytest.mark.parametrize(("kind", "name"), pairs(SAYS_SO), ids=ascii)
def test_name_that_says_the_format_alone_comes_second(kind: str, name: str) -> None:
    assert rank_of(name, kind) == 2
    assert not is_hashed(name)
    assert is_header_word(name)


@pytest.mark.parametrize(("kind", "name"), pairs(BEHIND_A_PATH_OR_PREFIX), ids=ascii)
def test_name_behind_a_path_or_prefix_is_a_guess_below_every_plain_one(
    kind: str, name: str
) -> None:
    assert GUESSED < rank_of(name, kind) < UNNAMED
    assert is_header_word(name)


@pytest.mark.parametrize("name", SAYS_SOMETHING_ELSE, ids=lambda name: name[:30])
def test_name_that_says_something_else_means_no_format(name: str) -> None:
    assert {rank_of(name, kind) for kind in FORMATS} == {UNNAMED}
    assert not any(is_of_other_type(name, kind) for kind in FORMATS)


@pytest.mark.parametrize(("kind", "name"), pairs(SAYS_SO_AND_HASHED) + pairs(SAYS_SO), ids=ascii)
def test_name_of_one_format_is_of_another_type_under_those_it_cannot_mean(
    kind: str, name: str
) -> None:
    devices = {"IDFA_SHA256", "GAID_SHA256", "FIRST_SHA256"}
    for other in FORMATS:
        if other != kind and not {kind, other} <= devices:
            assert is_of_other_type(name, other)


@pytest.mark.parametrize(
    "name", ["12", "", "hello", "de", "home", "jane@example.com", "+1 555 0100"]
)
def test_value_that_a_first_row_may_hold_is_no_header_word(name: str) -> None:
    assert not is_header_word(name)


@pytest.mark.parametrize("kind", ["IDFA_SHA256", "GAID_SHA256"])
def test_word_for_any_device_may_mean_one_kind_of_device(kind: str) -> None:
    assert (rank_of("maid_sha256", kind), rank_of("maid", kind)) == (3, 4)
    assert rank_of("idfa_sha256", "FIRST_SHA256") == rank_of("gaid_sha256", "FIRST_SHA256") == 3
