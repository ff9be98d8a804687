using System.Text.Json.Serialization;

namespace Broker.Actors.Inspection;

/// <summary>
/// The form of rows between nodes and towards operators. During a rolling upgrade a node reads rows of another version: what it does not know it passes over, what
/// is missing is as good as zero.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeRow))]
[JsonSerializable(typeof(ClientRow))]
[JsonSerializable(typeof(SubscriptionRow))]
[JsonSerializable(typeof(ListenerRow))]
[JsonSerializable(typeof(SessionDescription))]
internal sealed partial class InspectionJson : JsonSerializerContext;
