namespace Broker.Node.Hosting;

/// <summary><c>mqtt.data-directory</c>.</summary>
internal static class DataDirectory
{
    /// <summary>Makes it where it does not exist, and tries to write there.</summary>
    /// <exception cref="StartException">It cannot be made or written to.</exception>
    public static void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".probe-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"mqtt.data-directory = {path}: cannot be written to ({problem.Message.TrimEnd('.')}). "
                + $"Give the user {Environment.UserName} the right to write there, or set mqtt.data-directory to another one.",
                problem);
        }
    }
}
