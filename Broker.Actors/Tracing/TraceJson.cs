using System.Text.Json.Serialization;

namespace Broker.Actors.Tracing;

/// <summary>The form of lines between nodes and towards operators.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TraceLine))]
public sealed partial class TraceJson : JsonSerializerContext;
