import io

from flask import Flask, request

from app.core.uploads import MEBIBYTE, MemoryRequest


def test_a_large_file_never_touches_the_disk() -> None:
    app = Flask(__name__)
    app.request_class = MemoryRequest
    content = b"x" * 2 * MEBIBYTE
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + content + b"\r\n--b--\r\n"

    with app.test_request_context(method="POST", data=body, content_type="multipart/form-data; boundary=b"):
        stream = request.files["file"].stream

        assert isinstance(stream, io.BytesIO)
        assert stream.read() == content
