"""The development pins move within their major version, and nothing else in the files moves."""

from local.pins import repinned, wanted

TEXT = "# why\n-r requirements.txt\nAws_Lib==2.75.0\nboto3-stubs[s3,sqs]==1.43.106\n"


def test_wanted_asks_for_each_pin_up_to_the_next_major() -> None:
    assert wanted(TEXT) == ["Aws_Lib>=2.75.0,<3", "boto3-stubs[s3,sqs]>=1.43.106,<2"]


def test_repinned_moves_the_version_and_keeps_all_else() -> None:
    newest = {"aws-lib": "2.80.1", "boto3-stubs": "1.44.0", "other": "9"}

    assert repinned(TEXT, newest) == (
        "# why\n-r requirements.txt\nAws_Lib==2.80.1\nboto3-stubs[s3,sqs]==1.44.0\n"
    )


def test_repinned_what_pip_did_not_name_stays() -> None:
    assert repinned(TEXT, {}) == TEXT
