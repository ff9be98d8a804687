namespace Broker.Actors.Storage.Encoding;

/// <summary>Reads what <see cref="ByteWriter"/> wrote, and trusts nothing of it.</summary>
/// <param name="bytes">A column.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => _position == _bytes.Length;

    /// <summary>How much was read.</summary>
    public readonly int Position => _position;

    /// <exception cref="FormatException">There is no more.</exception>
    public byte ReadByte() => _position < _bytes.Length ? _bytes[_position++] : throw Short();

    /// <exception cref="FormatException">There is no whole number here.</exception>
    public long ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new FormatException($"no number ends at byte {_position}");
    }

    /// <summary>A number that counts bytes or things of at least one byte each in the rest of the column.</summary>
    /// <exception cref="FormatException">It is larger than what is left.</exception>
    public int ReadCount()
    {
        var count = ReadNumber();
        return count >= 0 && count <= _bytes.Length - _position ? (int)count : throw Short();
    }

    /// <exception cref="FormatException">There are fewer.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var count = ReadCount();
        var result = _bytes.Slice(_position, count);
        _position += count;
        return result;
    }

    /// <exception cref="FormatException">There are fewer bytes.</exception>
    public string ReadString() => System.Text.Encoding.UTF8.GetString(ReadBytes());

    private readonly FormatException Short() => new($"it ends too early, at byte {_position} of {_bytes.Length}");
}
