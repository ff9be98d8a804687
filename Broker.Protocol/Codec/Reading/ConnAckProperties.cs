using Broker.Protocol.Codec.Properties;
using Broker.Protocol.Packets;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The properties of CONNACK (section 3.2.2.3).</summary>
internal struct ConnAckProperties()
{
    public NegotiatedProperties Negotiated = default;
    public QualityOfService? MaximumQoS = null;
    public bool? RetainAvailable = null;
    public string? AssignedClientIdentifier = null;
    public bool? WildcardSubscriptionAvailable = null;
    public bool? SubscriptionIdentifiersAvailable = null;
    public bool? SharedSubscriptionAvailable = null;
    public ushort? ServerKeepAlive = null;
    public string? ResponseInformation = null;
    public string? ServerReference = null;
    public string? ReasonString = null;
    public IReadOnlyList<UserProperty> UserProperties = [];

    public static ConnAckProperties Read(ref PacketReader body)
    {
        var result = new ConnAckProperties();
        var properties = new PropertyReader(ref body, PropertyScope.ConnAck);
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
            case PropertyId.MaximumQoS:
                MaximumQoS = properties.ReadBoolean(id) ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce;
                break;
            case PropertyId.RetainAvailable:
                RetainAvailable = properties.ReadBoolean(id);
                break;
            case PropertyId.WildcardSubscriptionAvailable:
                WildcardSubscriptionAvailable = properties.ReadBoolean(id);
                break;
            case PropertyId.SubscriptionIdentifiersAvailable:
                SubscriptionIdentifiersAvailable = properties.ReadBoolean(id);
                break;
            case PropertyId.SharedSubscriptionAvailable:
                SharedSubscriptionAvailable = properties.ReadBoolean(id);
                break;
            case PropertyId.ServerKeepAlive:
                ServerKeepAlive = properties.Value.ReadUInt16();
                break;
            default:
                ReadText(id, ref properties);
                break;
        }
    }

    private void ReadText(PropertyId id, ref PropertyReader properties)
    {
        switch (id)
        {
            case PropertyId.AssignedClientIdentifier:
                AssignedClientIdentifier = properties.Value.ReadString();
                break;
            case PropertyId.ResponseInformation:
                ResponseInformation = properties.Value.ReadString();
                break;
            case PropertyId.ServerReference:
                ServerReference = properties.Value.ReadString();
                break;
            case PropertyId.ReasonString:
                ReasonString = properties.Value.ReadString();
                break;
            default:
                Negotiated.TryRead(id, ref properties);
                break;
        }
    }
}
