namespace Broker.Specs.EndToEnd.Harness;

/// <summary>A folder of its own, gone with the spec.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full name.</summary>
    public string FullName { get; } = Directory.CreateTempSubdirectory("akka-mqtt-specs-").FullName;

    /// <summary>The full name of a file in it.</summary>
    public string File(string name) => Path.Combine(FullName, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(FullName))
        {
            Directory.Delete(FullName, recursive: true);
        }
    }
}
