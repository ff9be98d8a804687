using Akka.Configuration.Hocon;

namespace Broker.Node.Configuration;

/// <summary>A value in effect.</summary>
/// <param name="Path">The parts of its key.</param>
/// <param name="Value">Text or a list, never a block.</param>
/// <param name="Origin">Of the layer that had the last word.</param>
internal sealed record Setting(IReadOnlyList<string> Path, HoconValue Value, string Origin)
{
    /// <summary>The dotted key, parts quoted where they must be.</summary>
    public string Key { get; } = KeyPath.Join(Path);
}
