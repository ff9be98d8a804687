namespace Broker.Protocol.Codec;

/// <summary>The Variable Byte Integer of section 1.5.5: seven bits a byte, the lowest first, four bytes at most.</summary>
internal static class VariableByteInteger
{
    /// <summary>The largest value that four bytes hold.</summary>
    public const int MaxValue = 268_435_455;

    /// <summary>Bytes that <see cref="Write"/> uses.</summary>
    public static int Size(int value) => value switch
    {
        < 0x80 => 1,
        < 0x4000 => 2,
        < 0x20_0000 => 3,
        _ => 4,
    };

    /// <summary>False: the bytes end before the integer does.</summary>
    /// <exception cref="MqttProtocolException">Over four bytes, or not in the fewest bytes possible [MQTT-1.5.5-1].</exception>
    public static bool TryRead(ReadOnlySpan<byte> source, out int value, out int length)
    {
        if (source.Length > 0 && source[0] < 0x80)
        {
            value = source[0];
            length = 1;
            return true;
        }

        return TryReadLong(source, out value, out length);
    }

    /// <summary>Answers the bytes written.</summary>
    public static int Write(Span<byte> destination, int value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> source, out int value, out int length)
    {
        value = 0;
        for (length = 0; length < source.Length; length++)
        {
            if (length == 4)
            {
                Fault.Malformed("a variable byte integer of more than four bytes");
            }

            var next = source[length];
            value |= (next & 0x7F) << (7 * length);
            if (next < 0x80)
            {
                if (next == 0 && length > 0)
                {
                    Fault.Malformed("a variable byte integer in more bytes than it needs");
                }

                length++;
                return true;
            }
        }

        if (length == 4)
        {
            Fault.Malformed("a variable byte integer of more than four bytes");
        }

        return false;
    }
}
