using Broker.Protocol.Codec.Properties;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The properties that client and server tell each other, in CONNECT and in CONNACK.</summary>
internal struct NegotiatedProperties
{
    public uint? SessionExpiryInterval;
    public ushort? ReceiveMaximum;
    public uint? MaximumPacketSize;
    public ushort TopicAliasMaximum;
    public AuthenticationProperties Authentication;

    /// <summary>False: the property is none of these, and its value has not been read.</summary>
    public bool TryRead(PropertyId id, ref PropertyReader properties)
    {
        switch (id)
        {
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = properties.Value.ReadUInt32();
                return true;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = properties.ReadPositiveUInt16(id);
                return true;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = properties.ReadPositiveUInt32(id);
                return true;
            case PropertyId.TopicAliasMaximum:
                TopicAliasMaximum = properties.Value.ReadUInt16();
                return true;
            default:
                return Authentication.TryRead(id, ref properties);
        }
    }
}
