using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>Walks through one block of properties (section 2.2.2) and lets through only what may stand there.</summary>
internal ref struct PropertyReader
{
    /// <summary>Stands at the value of the property that <see cref="Next"/> has found.</summary>
    public PacketReader Value;

    private readonly PropertyScope _scope;
    private ulong _seen;
    private List<UserProperty>? _userProperties;

    /// <summary>Takes the property length and as many bytes from the packet.</summary>
    public PropertyReader(ref PacketReader packet, PropertyScope scope)
    {
        var length = packet.ReadVariableByteInteger();
        Value = packet.Slice(length);
        _scope = scope;
    }

    /// <summary>The user properties read so far, in their order.</summary>
    public readonly IReadOnlyList<UserProperty> UserProperties => (IReadOnlyList<UserProperty>?)_userProperties ?? [];

    /// <summary>
    /// Finds the next property other than a user property, which it gathers itself. The caller reads exactly the value.
    /// </summary>
    public bool Next(out PropertyId id)
    {
        while (!Value.IsAtEnd)
        {
            id = ReadId();
            if (id != PropertyId.UserProperty)
            {
                return true;
            }

            (_userProperties ??= []).Add(new UserProperty(Value.ReadString(), Value.ReadString()));
        }

        id = default;
        return false;
    }

    /// <summary>A byte that means no (0) or yes (1); anything else is a protocol error.</summary>
    public bool ReadBoolean(PropertyId id)
    {
        var value = Value.ReadByte();
        if (value > 1)
        {
            Fault.Protocol($"{id} is {value}");
        }

        return value == 1;
    }

    /// <summary>A two-byte integer that may not be 0.</summary>
    public ushort ReadPositiveUInt16(PropertyId id)
    {
        var value = Value.ReadUInt16();
        if (value == 0)
        {
            Fault.Protocol($"{id} is 0");
        }

        return value;
    }

    /// <summary>A four-byte integer that may not be 0.</summary>
    public uint ReadPositiveUInt32(PropertyId id)
    {
        var value = Value.ReadUInt32();
        if (value == 0)
        {
            Fault.Protocol($"{id} is 0");
        }

        return value;
    }

    /// <summary>1 to 268,435,455; 0 is a protocol error.</summary>
    public uint ReadSubscriptionIdentifier()
    {
        var value = Value.ReadVariableByteInteger();
        if (value == 0)
        {
            Fault.Protocol("SubscriptionIdentifier is 0");
        }

        return (uint)value;
    }

    private PropertyId ReadId()
    {
        var number = Value.ReadVariableByteInteger();
        if (!PropertyTable.IsAllowed(_scope, number))
        {
            Fault.Malformed($"property 0x{number:X2} in {_scope}"); // section 2.2.2.2
        }

        var id = (PropertyId)number;
        var bit = 1UL << number;
        if ((_seen & bit) != 0 && !PropertyTable.MayRepeat(_scope, id))
        {
            Fault.Protocol($"{id} more than once");
        }

        _seen |= bit;
        return id;
    }
}
