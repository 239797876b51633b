require 'minitest/autorun'
require_relative 'paybox_sim'

class WaitTest < Minitest::Test
  include PayboxSim::Minitest

  def test_wait
    File.write('url.txt', "#{paybox.url}\n")
    sleep 600
  end
end
