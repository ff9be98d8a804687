using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Writing;

/// <summary>A reason string and user properties, which is all that most packets have.</summary>
internal static class ReasonPropertiesWriter
{
    /// <summary>Bytes of the properties alone.</summary>
    public static int Count(string? reasonString, IReadOnlyList<UserProperty> userProperties)
    {
        if (reasonString is null && userProperties.Count == 0)
        {
            return 0;
        }

        var counter = PacketWriter.Counter();
        WriteProperties(ref counter, reasonString, userProperties);
        return counter.Length;
    }

    /// <summary>Length and properties.</summary>
    public static void Write(ref PacketWriter writer, string? reasonString, IReadOnlyList<UserProperty> userProperties)
    {
        if (writer.BeginProperties(Count(reasonString, userProperties)))
        {
            WriteProperties(ref writer, reasonString, userProperties);
        }
    }

    private static void WriteProperties(ref PacketWriter writer, string? reasonString, IReadOnlyList<UserProperty> userProperties)
    {
        writer.Property(PropertyId.ReasonString, reasonString);
        writer.UserProperties(userProperties);
    }
}
