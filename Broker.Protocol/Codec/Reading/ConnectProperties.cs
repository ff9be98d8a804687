using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The properties of CONNECT (section 3.1.2.11).</summary>
internal struct ConnectProperties()
{
    public uint? SessionExpiryInterval = null;
    public ushort? ReceiveMaximum = null;
    public uint? MaximumPacketSize = null;
    public ushort TopicAliasMaximum = 0;
    public bool RequestResponseInformation = false;
    public bool RequestProblemInformation = true;
    public AuthenticationProperties Authentication = default;
    public IReadOnlyList<UserProperty> UserProperties = [];

    /// <summary>Clean Session said what Session Expiry says now.</summary>
    public static ConnectProperties OfMqtt3(bool cleanSession) =>
        new() { SessionExpiryInterval = cleanSession ? 0 : uint.MaxValue };

    public static ConnectProperties Read(ref PacketReader body)
    {
        var result = new ConnectProperties();
        var properties = new PropertyReader(ref body, PropertyScope.Connect);
        while (properties.Next(out var id))
        {
            result.ReadValue(id, ref properties);
        }

        result.Authentication.Check();
        result.UserProperties = properties.UserProperties;
        return result;
    }

    private void ReadValue(PropertyId id, ref PropertyReader properties)
    {
        switch (id)
        {
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = properties.Value.ReadUInt32();
                break;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = properties.ReadPositiveUInt16(id);
                break;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = properties.ReadPositiveUInt32(id);
                break;
            case PropertyId.TopicAliasMaximum:
                TopicAliasMaximum = properties.Value.ReadUInt16();
                break;
            case PropertyId.RequestResponseInformation:
                RequestResponseInformation = properties.ReadBoolean(id);
                break;
            case PropertyId.RequestProblemInformation:
                RequestProblemInformation = properties.ReadBoolean(id);
                break;
            default:
                Authentication.TryRead(id, ref properties);
                break;
        }
    }
}
