"""Writes what SASLprep (RFC 4013) needs of Unicode 3.2, from Python's own copy of it: python3 make-stringprep.py > stringprep.tsv"""
import stringprep
import unicodedata

ucd = unicodedata.ucd_3_2_0
points = range(0x110000)
hangul = range(0xAC00, 0xD7A4)  # by arithmetic


def prohibited(char):
    tables = (
        stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3, stringprep.in_table_c4, stringprep.in_table_c5,
        stringprep.in_table_c6, stringprep.in_table_c7, stringprep.in_table_c8, stringprep.in_table_c9)
    return any(table(char) for table in tables)


def ranges(name, belongs):
    start = None
    for c in range(0x110001):
        inside = c < 0x110000 and belongs(chr(c))
        if inside and start is None:
            start = c
        elif not inside and start is not None:
            print(f"{name}\t{start:X}\t{c - 1:X}")
            start = None


def hexadecimal(text):
    return " ".join(f"{ord(char):X}" for char in text)


print("# What SASLprep (RFC 4013) needs of Unicode 3.2: made by make-stringprep.py beside it. Unicode data, under the Unicode License.")
print("# CLASS first last | ccc code class | map code decomposition (NFKD) | pair first second composed")
ranges("space", stringprep.in_table_c12)
ranges("nothing", stringprep.in_table_b1)
ranges("prohibited", prohibited)
ranges("unassigned", stringprep.in_table_a1)
ranges("right", stringprep.in_table_d1)
ranges("left", stringprep.in_table_d2)
for c in points:
    if ucd.combining(chr(c)):
        print(f"ccc\t{c:X}\t{ucd.combining(chr(c))}")
for c in points:
    if not 0xD800 <= c < 0xE000 and c not in hangul and ucd.normalize("NFKD", chr(c)) != chr(c):
        print(f"map\t{c:X}\t{hexadecimal(ucd.normalize('NFKD', chr(c)))}")
for c in points:
    parts = ucd.decomposition(chr(c)).split()
    if len(parts) == 2 and not parts[0].startswith('<') and c not in hangul:
        pair = "".join(chr(int(part, 16)) for part in parts)
        if ucd.normalize("NFC", pair) == chr(c):
            print(f"pair\t{parts[0]}\t{parts[1]}\t{c:X}")
