using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The properties of CONNECT (section 3.1.2.11).</summary>
internal struct ConnectProperties()
{
    public NegotiatedProperties Negotiated = default;
    public bool RequestResponseInformation = false;
    public bool RequestProblemInformation = true;
    public IReadOnlyList<UserProperty> UserProperties = [];

    /// <summary>Clean Session said what Session Expiry says now.</summary>
    public static ConnectProperties OfMqtt3(bool cleanSession) =>
        new() { Negotiated = new NegotiatedProperties { SessionExpiryInterval = cleanSession ? 0 : uint.MaxValue } };

    public static ConnectProperties Read(ref PacketReader body)
    {
        var result = new ConnectProperties();
        var properties = new PropertyReader(ref body, PropertyScope.Connect);
        while (properties.Next(out var id))
        {
            result.ReadValue(id, ref properties);
        }

        result.Negotiated.Authentication.Check();
        result.UserProperties = properties.UserProperties;
        return result;
    }

    private void ReadValue(PropertyId id, ref PropertyReader properties)
    {
        switch (id)
        {
            case PropertyId.RequestResponseInformation:
                RequestResponseInformation = properties.ReadBoolean(id);
                break;
            case PropertyId.RequestProblemInformation:
                RequestProblemInformation = properties.ReadBoolean(id);
                break;
            default:
                Negotiated.TryRead(id, ref properties);
                break;
        }
    }
}
