namespace Broker.Protocol.Transport.WebSockets;

/// <summary>Finds where each MQTT packet of outgoing bytes ends, wherever the bytes are cut.</summary>
internal sealed class PacketBoundaries
{
    private const int BeforeHeader = -1;

    private int _left;
    private int _lengthBits = BeforeHeader;
    private bool _isInBody;

    /// <summary>How many of the bytes belong to the current packet.</summary>
    /// <param name="bytes">What follows on the bytes of the last call that were counted; not empty.</param>
    /// <param name="ends">Whether the packet ends with them.</param>
    public int Next(ReadOnlySpan<byte> bytes, out bool ends)
    {
        int at = 0;
        while (!_isInBody && at < bytes.Length)
        {
            ReadHeader(bytes[at++]);
        }

        int body = Math.Min(_left, bytes.Length - at);
        ends = _isInBody && body == _left;
        if (_isInBody)
        {
            at += body;
            _left -= body;
        }

        if (ends)
        {
            (_lengthBits, _isInBody) = (BeforeHeader, false);
        }

        return at;
    }

    /// <summary>The type and flags, then the remaining length, 7 bits a byte (section 2.1.4).</summary>
    private void ReadHeader(byte value)
    {
        if (_lengthBits == BeforeHeader)
        {
            _lengthBits = 0;
            return;
        }

        _left |= (value & 0x7F) << _lengthBits;
        _lengthBits += 7;
        _isInBody = (value & 0x80) == 0;
    }
}
