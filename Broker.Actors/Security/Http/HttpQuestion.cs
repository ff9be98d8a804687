using System.Text.Json.Serialization;

namespace Broker.Actors.Security.Http;

/// <summary>What the service is asked, as JSON.</summary>
/// <param name="UserName">As sent; null: none was.</param>
/// <param name="Password">As sent; null: none was.</param>
/// <param name="ClientId">As sent, or assigned.</param>
/// <param name="Address">The client's IP address.</param>
/// <param name="Listener">The name of the listener.</param>
internal sealed record HttpQuestion(
    [property: JsonPropertyName("username")] string? UserName,
    [property: JsonPropertyName("password")] string? Password,
    [property: JsonPropertyName("clientid")] string ClientId,
    [property: JsonPropertyName("address")] string Address,
    [property: JsonPropertyName("listener")] string Listener)
{
    /// <summary>No secrets: records print what they hold.</summary>
    public override string ToString() => ClientId;
}
