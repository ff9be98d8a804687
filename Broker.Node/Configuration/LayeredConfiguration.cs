using Akka.Configuration;

namespace Broker.Node.Configuration;

/// <summary>All layers, the later over the earlier.</summary>
internal sealed class LayeredConfiguration
{
    private readonly Dictionary<string, Setting> _settings = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<ConfigurationLayer> _layers;

    public LayeredConfiguration(IEnumerable<ConfigurationLayer> layers)
    {
        _layers = [.. layers];
        foreach (var layer in _layers)
        {
            Effective = layer.Config.WithFallback(Effective);
            foreach (var (path, value) in HoconLeaves.Of(layer.Config))
            {
                var setting = new Setting(path, value, layer.Origin);
                _settings[setting.Key] = setting;
            }
        }
    }

    /// <summary>This, and others over it.</summary>
    public LayeredConfiguration With(IEnumerable<ConfigurationLayer> layers) => new([.. _layers, .. layers]);

    /// <summary>All of it as one, for the actor system.</summary>
    public Config Effective { get; } = Config.Empty;

    /// <summary>Every value in effect, in no order.</summary>
    public IReadOnlyCollection<Setting> Settings => _settings.Values;

    /// <summary>The value in effect for a key, or null.</summary>
    public Setting? Find(string key) => _settings.GetValueOrDefault(key);

    /// <summary>The names directly under a block, in the order of the alphabet.</summary>
    public IReadOnlyList<string> Children(params IReadOnlyList<string> block) =>
        [.. _settings.Values
            .Where(setting => setting.Path.Count > block.Count && setting.Path.Take(block.Count).SequenceEqual(block))
            .Select(setting => setting.Path[block.Count])
            .Distinct()
            .Order(StringComparer.Ordinal)];
}
