"""samples.py - small files of each kind, whole and spoilt, for the tests of attachments."""
import io
import struct
import zipfile
import zlib


def pdf(fill=b''):
    return b'%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%' + fill + b'\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n'


def png():
    def chunk(name, data):
        return struct.pack('>I', len(data)) + name + data + struct.pack('>I', zlib.crc32(name + data))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(b'\0\0')) + chunk(b'IEND', b'')


def jpeg():
    def segment(mark, data):
        return bytes((0xff, mark)) + struct.pack('>H', len(data) + 2) + data
    return (b'\xff\xd8' + segment(0xe0, b'JFIF\0\1\1\0\0\1\0\1\0\0') + segment(0xc0, b'\x08\0\1\0\1\1\1\x11\0') + segment(0xda, b'\1\1\0\0\x3f\0') + b'\0\xff\xd9')


def zipped(members, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, **more) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


OFFICE = {'xlsx': 'xl/workbook.xml', 'docx': 'word/document.xml', 'pptx': 'ppt/presentation.xml'}


def office(kind='xlsx', **more):
    return zipped({'[Content_Types].xml': '<Types/>', OFFICE[kind]: '<x/>', **more})


def bomb():
    """Some hundred KB that become 300 MB."""
    return office('xlsx', **{'xl/worksheets/sheet1.xml': b'\0' * (300 * 1024 * 1024)})


def overlapping():
    """Two entries of the list that point to the same member."""
    z = office('xlsx', **{'a.xml': 'x' * 5000})
    end = z.rindex(b'PK\5\6')
    at = struct.unpack('<I', z[end + 16:end + 20])[0]
    entries = z[at:end]
    last = entries[entries.rindex(b'PK\1\2'):]
    n = struct.unpack('<H', z[end + 8:end + 10])[0] + 400
    tail = z[end:end + 8] + struct.pack('<HHIIH', n, n, len(entries) + 400 * len(last), at, 0)
    return z[:end] + last * 400 + tail
