using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>Properties (section 2.2.2): what is null is left out.</summary>
internal ref partial struct PacketWriter
{
    /// <summary>
    /// The property length. True: the properties themselves are to be written next. False: this writer counts, and has
    /// counted them already.
    /// </summary>
    public bool BeginProperties(int length)
    {
        VariableByteInteger(length);
        if (_counting)
        {
            Length += length;
        }

        return !_counting;
    }

    public void Property(PropertyId id, bool? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            Byte(present ? (byte)1 : (byte)0);
        }
    }

    public void Property(PropertyId id, ushort? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            UInt16(present);
        }
    }

    public void Property(PropertyId id, uint? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            UInt32(present);
        }
    }

    public void Property(PropertyId id, string? value)
    {
        if (value is not null)
        {
            Byte((byte)id);
            String(value);
        }
    }

    public void Property(PropertyId id, ReadOnlyMemory<byte>? value)
    {
        if (value is { } present)
        {
            Byte((byte)id);
            Binary(present.Span);
        }
    }

    /// <exception cref="InvalidOperationException">Not within 1 to 268,435,455.</exception>
    public void SubscriptionIdentifier(uint value)
    {
        if (value is 0 or > Codec.VariableByteInteger.MaxValue)
        {
            throw new InvalidOperationException($"A subscription identifier of {value}; MQTT can express 1 to 268,435,455.");
        }

        Byte((byte)PropertyId.SubscriptionIdentifier);
        VariableByteInteger((int)value);
    }

    public void UserProperties(IReadOnlyList<UserProperty> properties)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            Byte((byte)PropertyId.UserProperty);
            String(properties[i].Name);
            String(properties[i].Value);
        }
    }
}
