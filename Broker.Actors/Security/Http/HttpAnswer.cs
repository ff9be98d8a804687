using System.Text.Json.Serialization;

namespace Broker.Actors.Security.Http;

/// <summary>What the service answers, as JSON.</summary>
/// <param name="Result">allow, deny, or ignore: it does not know the client.</param>
/// <param name="UserName">Who the client is; null: whom it said that it is.</param>
/// <param name="Roles">Of the user; null: none.</param>
internal sealed record HttpAnswer(
    [property: JsonPropertyName("result")] string? Result,
    [property: JsonPropertyName("username")] string? UserName,
    [property: JsonPropertyName("roles")] IReadOnlyList<string>? Roles);
