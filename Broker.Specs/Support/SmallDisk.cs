using System.Diagnostics;

namespace Broker.Specs.Support;

/// <summary>A file system of its own that is soon full. Needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("mqtt-disk-");

    private SmallDisk()
    {
    }

    /// <summary>Where it is.</summary>
    public string Folder => _mount.FullName;

    /// <summary>Mounts one.</summary>
    public static async Task<SmallDisk> CreateAsync(int mebibytes)
    {
        var disk = new SmallDisk();
        await RunAsync("mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m,mode=700", "mqtt-specs", disk.Folder]);
        return disk;
    }

    /// <summary>From now on there is more room.</summary>
    public Task GrowAsync(int mebibytes) => RunAsync("mount", ["-o", $"remount,size={mebibytes}m", Folder]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", [Folder]);
        _mount.Delete();
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed, which needs root: {errors}");
        }
    }
}
