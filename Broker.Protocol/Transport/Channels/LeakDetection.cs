using DotNetty.Common;

namespace Broker.Protocol.Transport.Channels;

/// <summary>
/// DotNetty samples its buffers for leaks unless told otherwise, which was measured at about 500 bytes of garbage for
/// each batch and some CPU. Off, but for who asks for it in DotNetty's own way: the environment variable.
/// </summary>
internal static class LeakDetection
{
    private const string Variable = "io.netty.leakDetection.level";

    public static void Configure()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Disabled;
        }
    }
}
