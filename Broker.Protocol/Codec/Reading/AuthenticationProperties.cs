using Broker.Protocol.Codec.Properties;

namespace Broker.Protocol.Codec.Reading;

/// <summary>The method and data of enhanced authentication, in CONNECT, CONNACK and AUTH.</summary>
internal struct AuthenticationProperties
{
    public string? Method { get; private set; }

    public ReadOnlyMemory<byte>? Data { get; private set; }

    /// <summary>False: the property is neither, and its value has not been read.</summary>
    public bool TryRead(PropertyId id, ref PropertyReader properties)
    {
        switch (id)
        {
            case PropertyId.AuthenticationMethod:
                Method = properties.Value.ReadString();
                return true;
            case PropertyId.AuthenticationData:
                Data = properties.Value.ReadBinary();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Data means nothing without a method (section 3.1.2.11.10).</summary>
    public readonly void Check()
    {
        if (Data is not null && Method is null)
        {
            Fault.Protocol("authentication data without an authentication method");
        }
    }
}
