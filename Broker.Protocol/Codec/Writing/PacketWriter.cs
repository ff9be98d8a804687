using System.Buffers.Binary;
using System.Text;

namespace Broker.Protocol.Codec.Writing;

/// <summary>
/// Writes the data types of section 1.5, or only counts what they would take: the size of a packet and the packet come
/// from the same code and cannot differ.
/// </summary>
internal ref partial struct PacketWriter
{
    private readonly Span<byte> _destination;
    private readonly bool _counting;

    private PacketWriter(Span<byte> destination, bool counting)
    {
        _destination = destination;
        _counting = counting;
    }

    /// <summary>Bytes written or counted so far.</summary>
    public int Length { get; private set; }

    /// <summary>A writer that writes nothing.</summary>
    public static PacketWriter Counter() => new(default, counting: true);

    /// <summary>A writer into memory that is large enough.</summary>
    public static PacketWriter Into(Span<byte> destination) => new(destination, counting: false);

    public void Byte(byte value)
    {
        if (!_counting)
        {
            _destination[Length] = value;
        }

        Length++;
    }

    public void UInt16(ushort value)
    {
        if (!_counting)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_destination[Length..], value);
        }

        Length += sizeof(ushort);
    }

    public void UInt32(uint value)
    {
        if (!_counting)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_destination[Length..], value);
        }

        Length += sizeof(uint);
    }

    public void VariableByteInteger(int value) =>
        Length += _counting
            ? Codec.VariableByteInteger.Size(value)
            : Codec.VariableByteInteger.Write(_destination[Length..], value);

    /// <exception cref="InvalidOperationException">Over 65,535 bytes.</exception>
    public void String(string value)
    {
        if (_counting)
        {
            var count = Encoding.UTF8.GetByteCount(value);
            CheckLength(count);
            Length += sizeof(ushort) + count;
            return;
        }

        var written = Encoding.UTF8.GetBytes(value, _destination[(Length + sizeof(ushort))..]);
        UInt16((ushort)written);
        Length += written;
    }

    /// <exception cref="InvalidOperationException">Over 65,535 bytes.</exception>
    public void Binary(ReadOnlySpan<byte> value)
    {
        CheckLength(value.Length);
        UInt16((ushort)value.Length);
        Raw(value);
    }

    /// <summary>Bytes without a length.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        if (!_counting)
        {
            value.CopyTo(_destination[Length..]);
        }

        Length += value.Length;
    }

    private static void CheckLength(int count)
    {
        if (count > ushort.MaxValue)
        {
            throw new InvalidOperationException($"A string or binary field of {count} bytes; MQTT can express 65,535.");
        }
    }
}
