using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The properties of the acknowledgements: a reason string and user properties.</summary>
internal readonly record struct ReasonProperties(string? ReasonString, IReadOnlyList<UserProperty> UserProperties)
{
    /// <summary>None at all.</summary>
    public static ReasonProperties None => new(null, []);

    public static ReasonProperties Read(ref PacketReader body, PropertyScope scope)
    {
        string? reason = null;
        var properties = new PropertyReader(ref body, scope);
        while (properties.Next(out _))
        {
            reason = properties.Value.ReadString();
        }

        return new ReasonProperties(reason, properties.UserProperties);
    }
}
