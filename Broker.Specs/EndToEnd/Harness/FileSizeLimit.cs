namespace Broker.Specs.EndToEnd.Harness;

/// <summary>
/// Makes every write of a running process to a file fail, and takes that back: what a full disk does, without rights and without a file system of its own. Linux only.
/// The process must ignore SIGXFSZ, as each <see cref="ChildProcess"/> does.
/// </summary>
internal static class FileSizeLimit
{
    /// <summary>From now on nothing can be written.</summary>
    public static void Close(int processId) => ProcessLimit.Set(processId, ProcessLimit.FileSize, 0);

    /// <summary>From now on it can.</summary>
    public static void Open(int processId) => ProcessLimit.Restore(processId, ProcessLimit.FileSize);
}
