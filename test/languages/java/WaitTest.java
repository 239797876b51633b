package shop;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import payboxsim.PayboxSim;

@ExtendWith(PayboxSim.class)
class WaitTest {
  @Test
  void waits(PayboxSim.Gateway paybox) throws Exception {
    Files.writeString(Path.of("url.txt"), paybox.url + "\n");
    Thread.sleep(600_000);
  }
}
