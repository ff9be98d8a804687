namespace Broker.Protocol.Packets;

/// <summary>A name and value that the application chose (section 2.2.2.2). The order is kept and names may repeat.</summary>
public readonly record struct UserProperty(string Name, string Value);
