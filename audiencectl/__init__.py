"""`audiencectl`: one tool for the person who drops files, waits for audiences and repairs.

It runs on that person's machine and is never deployed. It reads files and keys with the function's
own code (`audience_uploader.rows` and `.domain`), and knows AWS only through boto3.
"""

import sys
from pathlib import Path

# The function's package stands below lambda/, which is a keyword and so no package itself.
_FUNCTION = str(Path(__file__).resolve().parents[1] / "lambda")
if _FUNCTION not in sys.path:
    sys.path.append(_FUNCTION)
