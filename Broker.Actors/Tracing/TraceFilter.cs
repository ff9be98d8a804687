using System.Net;
using Broker.Protocol.Topics;

namespace Broker.Actors.Tracing;

/// <summary>What is traced: whatever fits all that is given.</summary>
/// <param name="ClientId">A client id; null: any.</param>
/// <param name="Topic">A topic filter: messages alone, whose topic it matches; null: any, and what is no message.</param>
/// <param name="Address">A client's own address, without a port; null: any.</param>
public sealed record TraceFilter(string? ClientId = null, string? Topic = null, string? Address = null)
{
    private readonly IPAddress? _address = Parse(Address);

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem =>
        ClientId is null && Topic is null && Address is null ? "a client id, a topic filter or an address must be given: all clients at once are too much"
        : Topic is not null && (!TopicFilter.TryParse(Topic, out var parsed, out _) || parsed!.IsShared) ? $"\"{Topic}\" is no topic filter"
        : Address is not null && _address is null ? $"\"{Address}\" is no IP address"
        : null;

    /// <summary>Whether it may want something of this connection.</summary>
    /// <param name="clientId">Empty before CONNECT.</param>
    /// <param name="address">Null: not known.</param>
    internal bool Concerns(string clientId, EndPoint? address) =>
        (ClientId is null || ClientId == clientId) && (_address is null || (address is IPEndPoint point && point.Address.Equals(_address)));

    /// <summary>Whether it wants what happens to a message of this topic; null: to no message.</summary>
    internal bool Wants(string? topic) => Topic is null || (topic is not null && TopicFilter.Matches(Topic, topic));

    // A client of a socket for both families is shown by its IPv4 address.
    private static IPAddress? Parse(string? text) =>
        !IPAddress.TryParse(text, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
