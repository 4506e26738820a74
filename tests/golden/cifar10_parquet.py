# A stand-in for CIFAR-10 as Hugging Face keeps it, written as their library writes it:
# pyarrow, snappy, pictures as PNG in a struct, small groups of rows.
# pip install pyarrow pillow; writes tests/page/parquet/{train,test}.parquet.
import io
import pathlib

import pyarrow
import pyarrow.parquet
from PIL import Image

FOLDER = pathlib.Path(__file__).parent.parent / "page" / "parquet"
FEATURES = pyarrow.schema(
    [
        ("img", pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])),
        ("label", pyarrow.int64()),
    ]
)


def png(row: int) -> bytes:
    """Red tells the class, green the row of the file, blue the row of the picture."""
    picture = Image.new("RGB", (32, 32))
    picture.putdata([(25 * (row % 10), row, y) for y in range(32) for _ in range(32)])
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


for name, count in [("train", 60), ("test", 20)]:
    rows = [
        {"img": {"bytes": png(row), "path": f"{row}.png"}, "label": row % 10}
        for row in range(count)
    ]
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist(rows, FEATURES),
        FOLDER / f"{name}.parquet",
        row_group_size=10,
        compression="snappy",
    )
