using Akka.Configuration;

namespace Broker.Node.Configuration;

/// <summary>What one source says.</summary>
/// <param name="Origin">As people are told: a file's name, <c>--set</c>, an environment variable.</param>
/// <param name="Config">Parsed by itself, so that every value can be traced to its source.</param>
internal sealed record ConfigurationLayer(string Origin, Config Config);
