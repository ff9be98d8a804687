namespace Broker.Actors.Storage.Encoding;

/// <summary>Builds the binary columns; one buffer, used again. Single-threaded.</summary>
internal sealed class ByteWriter
{
    private const int LargestKept = 1024 * 1024;

    private byte[] _buffer = new byte[1024];
    private int _length;

    /// <summary>Bytes since the last <see cref="Take"/>.</summary>
    public int Length => _length;

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    /// <summary>7 bits a byte, the lowest first; a negative number takes ten.</summary>
    public void WriteNumber(long value)
    {
        Reserve(10);
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            _buffer[_length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _buffer[_length++] = (byte)rest;
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteNumber(bytes.Length);
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    public void WriteString(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        WriteNumber(bytes);
        Reserve(bytes);
        _length += System.Text.Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    /// <summary>What was written, copied; starts again.</summary>
    public byte[] Take()
    {
        var result = _buffer.AsSpan(0, _length).ToArray();
        _length = 0;
        if (_buffer.Length > LargestKept)
        {
            _buffer = new byte[1024];
        }

        return result;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
