namespace Broker.Protocol.Codec;

/// <summary>Which side's packets are decoded: each side may send only some of the types.</summary>
public enum PeerRole
{
    /// <summary>Decodes what clients send; anything else is a protocol error.</summary>
    Client,

    /// <summary>Decodes what servers send.</summary>
    Server,
}
