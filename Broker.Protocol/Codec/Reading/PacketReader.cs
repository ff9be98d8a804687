using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Broker.Protocol.Codec.Reading;

/// <summary>Reads the data types of section 1.5 from a packet's body; what is missing or wrong makes it malformed.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public int ReadVariableByteInteger()
    {
        if (!VariableByteInteger.TryRead(_rest, out var value, out var length))
        {
            Fault.Malformed("the packet ends within a variable byte integer");
        }

        _rest = _rest[length..];
        return value;
    }

    /// <summary>A packet identifier, which is never 0 [MQTT-2.2.1-3].</summary>
    public ushort ReadPacketId()
    {
        var id = ReadUInt16();
        if (id == 0)
        {
            Fault.Protocol("packet identifier 0");
        }

        return id;
    }

    /// <summary>The bytes behind a two-byte length, as they stand.</summary>
    public ReadOnlySpan<byte> ReadSpan() => Take(ReadUInt16());

    /// <summary>Binary data, copied: it outlives the read buffer.</summary>
    public byte[] ReadBinary() => ReadSpan().ToArray();

    /// <summary>A UTF-8 string; a byte order mark stays in it [MQTT-1.5.4-3].</summary>
    public string ReadString() => DecodeString(ReadSpan());

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ReadRest()
    {
        var rest = _rest;
        _rest = default;
        return rest;
    }

    /// <summary>A reader for the next bytes alone.</summary>
    public PacketReader Slice(int length) => new(Take(length));

    /// <summary>Nothing may follow the last field.</summary>
    public readonly void ExpectEnd()
    {
        if (!_rest.IsEmpty)
        {
            Fault.Malformed("bytes are left over at the end of the packet");
        }
    }

    /// <summary>No overlong form, no surrogate [MQTT-1.5.4-1], no U+0000 [MQTT-1.5.4-2].</summary>
    public static string DecodeString(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return string.Empty;
        }

        if (!Utf8.IsValid(utf8))
        {
            Fault.Malformed("a string is not well-formed UTF-8");
        }

        if (utf8.Contains((byte)0))
        {
            Fault.Malformed("a string holds U+0000");
        }

        return Encoding.UTF8.GetString(utf8);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fault.Malformed("the packet ends before its fields do");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
