namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Finds the sources that belong to specs but are not compiled: scripts in other languages.</summary>
internal static class RepositoryFolder
{
    /// <summary>The full name of a file or folder, given from the repository's root.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static string Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Akka.Mqtt.sln")))
            {
                var found = Path.Combine([folder.FullName, .. path]);
                return Path.Exists(found)
                    ? found
                    : throw new InvalidOperationException($"This spec needs {found}, which is not there. test.sh installs what the specs need.");
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Akka.Mqtt.sln.");
    }
}
